import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serveNorthwind } from "../../app/served-northwind.ts";

/** Northwind as anybody serves it, and a token of its app `orders`. */
export interface Live {
  readonly url: string;
  readonly token: string;
  /** Its OpenAPI document, as it came. */
  readonly document: string;
  stop(): Promise<void>;
}

/** Starts it in a process of its own, with data of its own. */
export async function openLive(): Promise<Live> {
  process.chdir(new URL("../../..", import.meta.url).pathname);
  const directory = mkdtempSync(join(tmpdir(), "openapi-"));
  const served = await serveNorthwind(directory);
  const { clients } = JSON.parse(readFileSync(join(directory, "credentials.json"), "utf8"));
  const token = await getToken(served.url, clients.orders);
  const answer = await fetch(`${served.url}/api/v1/openapi.json`, { headers: { authorization: `Bearer ${token}` } });
  return {
    url: served.url,
    token,
    document: await answer.text(),
    async stop() {
      await served.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function getToken(url: string, { client_id, client_secret }: { readonly client_id: string; readonly client_secret: string }): Promise<string> {
  const body = new URLSearchParams({ grant_type: "client_credentials", client_id, client_secret });
  const { access_token } = JSON.parse(await (await fetch(`${url}/oauth/token`, { method: "POST", body })).text());
  return access_token;
}
