import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** What a program wrote on its two streams; when it fails that is the message of the failure. */
export async function run(cwd: string, command: string, ...args: readonly string[]): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(command, args, { cwd, encoding: "utf8", maxBuffer: 64 * 1024 * 1024, timeout: 120_000 });
    return stdout;
  } catch (error) {
    // execFile adds what was written to its error.
    const { stdout = "", stderr = "", message } = error as Error & { readonly stdout?: string; readonly stderr?: string };
    throw new Error(`${message}\n${stdout}${stderr}`);
  }
}
