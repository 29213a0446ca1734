import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { after } from "node:test";

/** Listens on a free port until the tests of the file are over. */
export async function listen(listener: RequestListener): Promise<number> {
  const server = createServer(listener);
  await once(server.listen(0, "127.0.0.1"), "listening");
  after(() => server.close());
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server listens on no port");
  return address.port;
}
