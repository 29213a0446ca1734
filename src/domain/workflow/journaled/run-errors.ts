/** Another process works on this run, or it has ended: this one leaves it alone. */
export class RunLost extends Error {
  override readonly name = "RunLost";
}

/** The workflow's code does not do what its journal says that it has done. */
export class CodeChanged extends Error {
  override readonly name = "CodeChanged";

  constructor(name: string, what: string) {
    super(`The code of the workflow "${name}" has changed incompatibly: ${what}.`);
  }
}
