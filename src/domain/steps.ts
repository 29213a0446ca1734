/** A value now, or a promise of it. Stores and handlers that are synchronous stay so all the way. */
export type MaybePromise<T> = T | PromiseLike<T>;

/** A computation that pauses only where it has to wait. Written as a generator, run by {@link run}. */
export type Steps<T> = Generator<PromiseLike<unknown>, T, void>;

/** Is it a promise, or anything that behaves like one? */
export function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}

/** What `yield*` takes: steps that have yet to run, or a value that needs none. */
export interface Settling<T> {
  [Symbol.iterator](): Iterator<PromiseLike<unknown>, T, void>;
}

/** `yield* settle(x)` reads like `await x`, but goes straight on when x is no promise. */
export function settle<T>(value: MaybePromise<T>): Settling<T> {
  return isPending(value) ? wait(value) : new Settled(value);
}

/** A value that is there: an iterator that ends at once, and is its own last result. Costs far less than a generator. */
class Settled<T> implements Settling<T>, Iterator<never, T, void>, IteratorReturnResult<T> {
  readonly done = true;
  readonly value: T;

  constructor(value: T) {
    this.value = value;
  }

  next(): IteratorReturnResult<T> {
    return this;
  }

  [Symbol.iterator](): this {
    return this;
  }
}

function* wait<T>(value: PromiseLike<T>): Steps<T> {
  const box: { settled?: { readonly value: T } } = {};
  yield value.then((result) => {
    box.settled = { value: result };
  });
  if (box.settled === undefined) throw new TypeError("a computation went on before what it waits for had settled");
  return box.settled.value;
}

/**
 * Runs the steps. When none of them has to wait the answer is there at once, with no promise and
 * no turn of the event loop; that is what keeps a synchronous store and handler fast.
 */
export function run<T>(steps: Steps<T>): MaybePromise<T> {
  const first = steps.next();
  return first.done === true ? first.value : runOn(steps, first.value);
}

async function runOn<T>(steps: Steps<T>, pending: PromiseLike<unknown>): Promise<T> {
  let waitFor = pending;
  for (;;) {
    let resume = () => steps.next();
    try {
      await waitFor;
    } catch (error) {
      resume = () => steps.throw(error);
    }
    const next = resume();
    if (next.done === true) return next.value;
    waitFor = next.value;
  }
}

function isPending<T>(value: MaybePromise<T>): value is PromiseLike<T> {
  return isPromiseLike(value);
}
