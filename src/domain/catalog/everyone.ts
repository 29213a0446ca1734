/** For an action that every identity may do: `authorize: everyone`. Said aloud, since a right that was only forgotten is given to nobody. */
export function everyone(): true {
  return true;
}
