/** What a browser keeps and does: cookies by origin, redirects followed by hand. */
export class TestBrowser {
  private readonly jars = new Map<string, Map<string, string>>();

  /** Cookies that it has of an origin. */
  cookies(url: string): Map<string, string> {
    const { origin } = new URL(url);
    const jar = this.jars.get(origin) ?? new Map<string, string>();
    this.jars.set(origin, jar);
    return jar;
  }

  /** One request, redirects shown and not followed. */
  async ask(
    url: string,
    init: Omit<RequestInit, 'headers'> & { headers?: Record<string, string> } = {},
  ): Promise<Response> {
    const jar = this.cookies(url);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, {
      ...init,
      redirect: 'manual',
      headers: { ...init.headers, ...(cookie && { cookie }) },
    });
    for (const line of response.headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split(';');
      const [name = '', ...value] = pair.split('=');
      const isGone = value.join('=') === '' || attributes.some((one) => /expires=thu, 01 jan 1970/i.test(one));
      if (isGone) jar.delete(name);
      else jar.set(name, value.join('='));
    }
    return response;
  }

  /** Goes to a page and on to where it leads, until `until` matches the next address or nothing leads on. */
  async visit(url: string, until?: RegExp): Promise<{ url: string; response: Response }> {
    let at = url;
    for (let step = 0; step < 20; step += 1) {
      if (until?.test(at)) return { url: at, response: new Response() };
      const response = await this.ask(at);
      const next = response.headers.get('location');
      if (next === null) return { url: at, response };
      at = new URL(next, at).href;
    }
    throw new Error(`too many redirects at ${at}`);
  }

  /** A form of the same origin, as browsers send it. */
  submit(url: string, fields: Record<string, string> = {}): Promise<Response> {
    const { origin } = new URL(url);
    return this.ask(url, {
      method: 'POST',
      body: new URLSearchParams(fields),
      headers: { origin, 'sec-fetch-site': 'same-origin' },
    });
  }

  /** A query of a script of the same origin. */
  async query(api: string, query: string, headers: Record<string, string> = {}) {
    const response = await this.ask(`${api}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-isthmus-csrf': '1', origin: api, ...headers },
      body: JSON.stringify({ query }),
    });
    // Specs read many shapes; each checks its own.
    // eslint-disable-next-line @typescript-eslint/no-explicit-any
    return { status: response.status, body: (await response.json()) as { data?: any; errors?: any[] } };
  }
}
