/** The tests of executions and bulk calls once more, on a store whose every answer comes a turn of the event loop later. */
process.env["ACTIONPORT_TEST_STORE"] = "late";

for (const suite of ["execution/execute", "execution/handler-deadline", "execution/turn-deadline", "execution/concurrency", "execution/consistency", "execution/safe-retries", "execution/preview-and-audit", "execution/if-match", "subjects/check", "subjects/list", "bulk/bulk"]) {
  await import(`./${suite}.test.ts`);
}
