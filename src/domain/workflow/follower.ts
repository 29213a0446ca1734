import type { JsonObject } from "../json.ts";
import type { Failed } from "../execution/answer/outcome.ts";
import { Following, type FollowingPorts } from "../following.ts";
import type { MaybePromise } from "../maybe-promise.ts";

/** A run as clients see it. */
export interface WorkflowAnswer {
  readonly kind: "run";
  readonly run: JsonObject;
  /** Nothing will change any more. */
  readonly ended: boolean;
}

/** What following a run takes. */
export interface FollowerPorts extends FollowingPorts {
  find(): MaybePromise<WorkflowAnswer | Failed>;
}

/** How long it is silent at most. */
const SILENCE_MS = 15_000;

/** A run's states as they change. Whoever is slow sees the latest, not everything in between. */
export class Follower extends Following<WorkflowAnswer> {
  readonly #ports: FollowerPorts;
  #shown = "";

  constructor(ports: FollowerPorts) {
    super(ports);
    this.#ports = ports;
  }

  async next(): Promise<IteratorResult<WorkflowAnswer | null, undefined>> {
    while (!this.news.isOver) {
      await this.news.wait(SILENCE_MS);
      if (this.news.isOver) break;
      if (!this.news.take()) return { done: false, value: null };
      const answer = await this.#ports.find();
      if (answer.kind === "failed") break;
      const text = JSON.stringify(answer.run);
      if (answer.ended) this.close();
      if (text === this.#shown) continue;
      this.#shown = text;
      return { done: false, value: answer };
    }
    return this.return();
  }
}
