import { defineSubject, integerId } from "actionport";

export interface TaskRecord {
  readonly id: number;
  readonly title: string;
  readonly done_at: string | null;
  readonly note: string | null;
}

export const Task = defineSubject({
  class: "tasks.Task",
  param: "task",
  id: integerId(),
  title: (task: TaskRecord) => task.title,
  fields: ["done_at", "note"],
  read: ({ identity }) => identity.can("manage_tasks"),
});
