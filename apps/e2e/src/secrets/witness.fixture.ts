import pg from 'pg';

/** Knows what was planted, and looks for it in what it is shown. */
export class Witness {
  readonly #planted = new Map<string, string>();
  readonly #seen = new Map<string, string>();

  /** Notes a secret; of a key in PEM, what stands between its first and last line. */
  plant<T extends string>(what: string, secret: T): T {
    const body = secret.includes('-----BEGIN') ? secret.split('\n').slice(1, -2).join('') : secret;
    if (body.length < 8) throw new Error(`${what} is too short to be told from other text`);
    this.#planted.set(what, body);
    return secret;
  }

  /** Takes in a text, without what it was meant to show. */
  see(where: string, text: string, meant: readonly string[] = []): void {
    const rest = meant.reduce((left, one) => left.replaceAll(one, '[meant]'), text);
    this.#seen.set(where, `${this.#seen.get(where) ?? ''}${rest}\n`);
  }

  get planted(): string[] {
    return [...this.#planted.keys()];
  }

  /** How much was seen of each source, so that an empty one is noticed. */
  get sizes(): Map<string, number> {
    return new Map([...this.#seen].map(([where, text]) => [where, text.length]));
  }

  /** Which secrets stand where, in the clear or in a form that anybody can read. */
  found(): string[] {
    return [...this.#seen].flatMap(([where, text]) =>
      [...this.#planted].flatMap(([what, secret]) =>
        formsOf(secret).some((form) => text.includes(form)) ? [`${what} in ${where}`] : [],
      ),
    );
  }
}

/** A secret as it is, in JSON, in addresses, and as bytes are written. */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  // Of base64 what does not depend on what stands before and after.
  const base64 = [0, 1, 2].map((shift) =>
    Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .slice(4, -4),
  );
  return [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret), bytes.toString('hex'), ...base64];
}

/** Every row of every table of a database, as text. */
export async function dumpOf(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>(
      `SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema')`,
    );
    const texts: string[] = [];
    for (const { name } of rows) {
      const found = await client.query<{ row: string }>(`SELECT row_to_json(t)::text AS row FROM ${name} t`);
      texts.push(`${name}\n${found.rows.map(({ row }) => row).join('\n')}`);
    }
    return texts.join('\n');
  } finally {
    await client.end();
  }
}
