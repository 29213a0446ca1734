import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { findProgram } from "../../examples/northwind-cluster/database/programs.ts";
import type { Cluster } from "../postgres/cluster.ts";

/** Backs a database up and restores it under another name, by the command lines of the example's README; answers the URL of the copy. */
export function backUpAndRestore(postgres: Cluster, directory: string): string {
  postgres.psql("create database restored");
  const [file, copy] = [join(directory, "northwind.dump"), postgres.url("restored")];
  execFileSync(findProgram("pg_dump"), ["--format=custom", `--file=${file}`, postgres.url()]);
  execFileSync(findProgram("pg_restore"), ["--no-owner", "--exit-on-error", `--dbname=${copy}`, file]);
  return copy;
}
