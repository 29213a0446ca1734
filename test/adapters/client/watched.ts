/** Sends what `change` does not answer itself, and keeps what was sent. */
export function watched(real: typeof fetch, change: (at: number, request: Request, answer: () => Promise<Response>) => Promise<Response> | Response = (_at, _request, answer) => answer()) {
  const sent: Request[] = [];
  const fetch: typeof globalThis.fetch = async (url, init) => {
    const request = new Request(url, init);
    sent.push(request.clone());
    return change(sent.length, request, () => real(request));
  };
  return { sent, fetch };
}
