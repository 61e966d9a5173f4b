/** Where the table is drawn. */
export interface Screen {
  isTTY: boolean;
  write(text: string): void;
}

/** Redraws in place on a terminal; elsewhere prints the lines again only when they changed. */
export function createLiveView(screen: Screen): { show(lines: readonly string[]): void } {
  let drawn = 0;
  let last = '';
  return {
    show: (lines) => {
      const text = lines.join('\n');
      if (text === last) return;
      last = text;
      const back = screen.isTTY && drawn > 0 ? `\u001b[${drawn}A\u001b[0J` : '';
      drawn = lines.length;
      screen.write(`${back}${text}\n`);
    },
  };
}
