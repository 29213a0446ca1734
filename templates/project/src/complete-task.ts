import { ActionError, defineAction, text } from "actionport";
import { Task } from "./task.ts";

export const completeTask = defineAction({
  key: "tasks/complete-task",
  label: "Complete task",
  description: "Notes that a task is done.",
  subject: Task,
  params: { note: text({ max: 500 }).optional() },
  authorize: ({ identity }) => identity.can("manage_tasks"),
  handle({ subject, params, now, subjects }) {
    if (subject.done_at !== null) throw new ActionError(`"${subject.title}" was done on ${subject.done_at}.`);
    return subjects.put(Task, { ...subject, done_at: now, note: params.note ?? null });
  },
  message: "Task completed.",
});
