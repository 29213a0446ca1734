/** A time of the API for people, in UTC as it came: `2026-11-30 12:00:05Z`. */
export function formatTime(time: string): string {
  return time.replace("T", " ").replace(/\.\d+(?=Z)/, "");
}
