/**
 * True if the whole text matches the glob: `*` stands for any characters, `?` for exactly one.
 * Runs in O(text × glob) at worst, without regular expressions, so that no pattern can stall the process.
 */
export function matchesGlob(glob: string, text: string): boolean {
  let [at, position, star, resume] = [0, 0, -1, 0];
  while (position < text.length) {
    if (glob[at] === '*') {
      star = at++;
      resume = position;
    } else if (at < glob.length && (glob[at] === '?' || glob[at] === text[position])) {
      at++;
      position++;
    } else if (star >= 0) {
      at = star + 1;
      position = ++resume;
    } else return false;
  }
  return /^\**$/.test(glob.slice(at));
}
