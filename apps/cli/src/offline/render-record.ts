import * as z from 'zod';

/** The file in the output folder that says what render wrote there. */
export const RENDER_RECORD = '.isthmus-render.json';

const FILE = /^[a-z0-9][a-z0-9-]*\/[A-Za-z0-9][A-Za-z0-9._-]*\.yaml$/;

const schema = z.strictObject({
  version: z.literal(1),
  files: z.array(z.string().regex(FILE)).max(1_000_000),
});

/** Text of the record of these files. */
export function formatRecord(files: Iterable<string>): string {
  return `${JSON.stringify({ version: 1, files: [...new Set(files)].sort() }, null, 2)}\n`;
}

/** The recorded files, each `<cluster>/<file>.yaml`; undefined if the text is no record. */
export function parseRecord(text: string): string[] | undefined {
  try {
    const parsed = schema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data.files : undefined;
  } catch {
    return undefined;
  }
}
