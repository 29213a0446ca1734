import { readFile } from "node:fs/promises";
import { Agent, request } from "node:http";
import { join } from "node:path";

/** An answer that arrived whole. */
export interface Answer {
  readonly status: number;
  readonly replayed: boolean;
  /** The body's text, byte for byte. */
  readonly text: string;
}

/** Calls one server over kept-alive connections. */
export interface ApiClient {
  /** `more`: further headers. Rejects when the connection is cut before the answer is there. */
  post(path: string, body: unknown, more?: Readonly<Record<string, string>>): Promise<Answer>;
  close(): void;
}

export function createApiClient(port: number, token: string): ApiClient {
  const agent = new Agent({ keepAlive: true });
  return {
    post(path, body, more) {
      const headers = { authorization: `Bearer ${token}`, "content-type": "application/json", ...more };
      return new Promise((resolve, reject) => {
        const sent = request({ host: "127.0.0.1", port, path, method: "POST", agent, headers }, (response) => {
          let text = "";
          response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
          response.on("error", reject).on("aborted", () => reject(new Error("the answer was cut off")));
          response.on("end", () => resolve({ status: response.statusCode ?? 0, replayed: response.headers["idempotency-replayed"] === "true", text }));
        });
        sent.on("error", reject).end(JSON.stringify(body));
      });
    },
    close: () => agent.destroy(),
  };
}

/** A token for one of the clients of `credentials.json`. */
export async function fetchToken(port: number, client: { readonly client_id: string; readonly client_secret: string }): Promise<string> {
  const body = new URLSearchParams({ grant_type: "client_credentials", ...client });
  const response = await fetch(`http://127.0.0.1:${port}/oauth/token`, { method: "POST", body });
  const answer: unknown = await response.json();
  if (typeof answer !== "object" || answer === null || !("access_token" in answer) || typeof answer.access_token !== "string") {
    throw new Error(`no token was given: ${response.status}`);
  }
  return answer.access_token;
}

/** A token for the client of `credentials.json` that may do everything. */
export async function fetchAdminToken(directory: string, port: number): Promise<string> {
  const { clients } = JSON.parse(await readFile(join(directory, "credentials.json"), "utf8"));
  const { client_id, client_secret } = clients.admin;
  return fetchToken(port, { client_id, client_secret });
}
