/** `/api/v1/subjects` and what is below it. */
export type SubjectRouteKind = "subject_classes" | "subject_list" | "subject";

/** One of them: `key` is the class, and the ID is still percent-encoded. */
export interface SubjectRoute {
  readonly kind: SubjectRouteKind;
  readonly key: string;
  readonly rawId: string | null;
}

const CLASSES = "/api/v1/subjects";
const BELOW = `${CLASSES}/`;

/** Reads a path below `/api/v1/subjects`: a class has no slash, and the rest is the ID. A class is compared as it came. Null for any other path. */
export function findSubjectRoute(path: string): SubjectRoute | null {
  if (path === CLASSES) return { kind: "subject_classes", key: "", rawId: null };
  if (!path.startsWith(BELOW)) return null;
  const slash = path.indexOf("/", BELOW.length);
  if (slash < 0) return { kind: "subject_list", key: path.slice(BELOW.length), rawId: null };
  return { kind: "subject", key: path.slice(BELOW.length, slash), rawId: path.slice(slash + 1) };
}
