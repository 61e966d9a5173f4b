import { readFile } from 'node:fs/promises';

/** A link that signs in to the console once; undefined where the token in the file makes none: the console takes a token just as well. */
export async function signInLink(api: string, tokenFile: string): Promise<string | undefined> {
  try {
    const token = (await readFile(tokenFile, 'utf8')).trim();
    const headers = { authorization: `Bearer ${token}` };
    const response = await fetch(`${api}/auth/loopback`, {
      method: 'POST',
      headers,
      signal: AbortSignal.timeout(10_000),
    });
    return response.ok ? ((await response.json()) as { url: string }).url : undefined;
  } catch {
    return undefined;
  }
}
