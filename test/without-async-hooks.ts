import async_hooks from "node:async_hooks";

/*
 * For `--import`. On Node 20 node:test follows every promise by an async hook, to tell which test an error
 * that nobody caught belongs to; that is 40 % of what the tests cost. Without it such an error is told of
 * here and fails the file instead of the test.
 */
async_hooks.createHook = () => {
  const hook: async_hooks.AsyncHook = { enable: () => hook, disable: () => hook };
  return hook;
};

for (const event of ["uncaughtExceptionMonitor", "unhandledRejection"]) {
  process.on(event, (error: unknown) => {
    console.error(`${event}:`, error);
    process.exitCode = 1;
  });
}
