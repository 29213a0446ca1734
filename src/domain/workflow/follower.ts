import type { JsonObject } from "../json.ts";
import type { Failed } from "../execution/answer/outcome.ts";
import { Following, type FollowingPorts } from "../following/following.ts";
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
/** How often to look at the run, since nothing may announce what other processes do with it. */
const LOOK_EVERY_MS = 1_000;

/** A run's states as they change. Whoever is slow sees the latest, not everything in between. */
export class Follower extends Following<WorkflowAnswer> {
  readonly #ports: FollowerPorts;
  #shown = "";
  #silentSince: number;

  constructor(ports: FollowerPorts) {
    super(ports);
    this.#ports = ports;
    this.#silentSince = ports.clock();
  }

  async next(): Promise<IteratorResult<WorkflowAnswer | null, undefined>> {
    while (!this.news.isOver) {
      await this.news.wait(LOOK_EVERY_MS);
      if (this.news.isOver) break;
      // What comes while it is being looked at is news again.
      this.news.take();
      const answer = await this.#ports.find();
      if (answer.kind === "failed") break;
      const text = JSON.stringify(answer.run);
      if (answer.ended) this.close();
      if (text !== this.#shown) return this.#give(answer, text);
      if (!this.news.isOver && this.#ports.clock() - this.#silentSince >= SILENCE_MS) return this.#give(null, text);
    }
    return this.return();
  }

  #give(value: WorkflowAnswer | null, shown: string): IteratorResult<WorkflowAnswer | null, undefined> {
    this.#shown = shown;
    this.#silentSince = this.#ports.clock();
    return { done: false, value };
  }
}
