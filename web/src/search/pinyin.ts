/** The readings of each character of a name: `chang/zhang chun` is [[chang, zhang], [chun]]. */
export type Syllables = string[][];

export function syllables(pinyin: string): Syllables {
  return pinyin
    .split(' ')
    .filter(Boolean)
    .map((readings) => readings.split('/'));
}

/**
 * Whether letters spell the syllables from `at` on, each in full or by its first letter; the last may be incomplete.
 * `tried` memoizes failures: without it a name of one repeated character takes exponential time.
 */
function spells(name: Syllables, at: number, letters: string, tried: Set<string>): boolean {
  if (letters === '') return true;
  const readings = name[at];
  const key = `${at} ${letters.length}`;
  if (!readings || tried.has(key)) return false;
  const found = readings.some(
    (reading) =>
      reading.startsWith(letters) ||
      (letters.startsWith(reading) && spells(name, at + 1, letters.slice(reading.length), tried)) ||
      (letters[0] === reading[0] && spells(name, at + 1, letters.slice(1), tried)),
  );
  if (!found) tried.add(key);
  return found;
}

/** Index of the first syllable from which letters spell the name; -1 if there is none. */
export function spelledAt(name: Syllables, letters: string): number {
  if (!/^[a-z0-9]{1,40}$/.test(letters)) return -1;
  const tried = new Set<string>();
  return name.findIndex((_, at) => spells(name, at, letters, tried));
}
