import { createCatalog } from "actionport";
import { recordsOf, type Application } from "actionport/app";
import { completeTask } from "./complete-task.ts";
import { Task } from "./task.ts";

export const catalog = createCatalog({ subjects: [Task], actions: [completeTask] });

/** What "actionport serve" and "actionport … --app" take. */
export const application: Application = {
  catalog,
  initialRecords: () => [
    recordsOf(Task, [
      { id: 1, title: "Read src/complete-task.ts", done_at: null, note: null },
      { id: 2, title: "Write an action of your own", done_at: null, note: null },
      { id: 3, title: "Test it", done_at: null, note: null },
    ]),
  ],
  clients: { desk: ["manage_tasks"], admin: ["*"] },
  permissions: { manage_tasks: "See tasks and complete them", view_audit: "Read who did what" },
  firstCall: { client: "desk", key: "tasks/complete-task", subject: "1", params: { note: "It was easy." } },
};
