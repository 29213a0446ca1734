let loads = 0;

/** A module that was loaded for its application would have served it. */
export class ServesWhenLoaded extends Error {
  override readonly name = "ServesWhenLoaded";
}

/** Loads a module for what it exports alone. */
export async function loadQuietly<T>(load: () => Promise<T>): Promise<T> {
  loads++;
  try {
    return await load();
  } finally {
    loads--;
  }
}

/** Throws {@link ServesWhenLoaded} while a module is loaded for what it exports. */
export function refuseWhileLoading(): void {
  if (loads > 0) throw new ServesWhenLoaded("the module serves an application when it is loaded");
}
