import { createHash } from 'node:crypto';
import type { Response } from 'express';

/** Text that is HTML already. */
export interface Html {
  html: string;
}

type Part = string | number | Html | readonly Html[] | undefined;

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A template whose values are escaped, unless they were made by it. */
export function html(texts: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return { html: texts.map((text, index) => text + textOf(parts[index])).join('') };
}

function textOf(part: Part): string {
  if (part === undefined) return '';
  if (typeof part === 'string' || typeof part === 'number')
    return String(part).replaceAll(/[&<>"']/g, (character) => ESCAPES[character] ?? '');
  return 'html' in part ? part.html : part.map((one) => one.html).join('');
}

const STYLE =
  'body{font:16px/1.5 system-ui,sans-serif;max-width:32rem;margin:4rem auto;padding:0 1rem;color:#1b1f24;background:#fff}' +
  'h1{font-size:1.4rem}code{font-size:1.1em;background:#f0f2f4;padding:.1em .3em}label{display:block;margin:.6rem 0}' +
  'input{display:block;width:100%;font:inherit;padding:.4rem;box-sizing:border-box}' +
  'a.action,button{display:inline-block;font:inherit;padding:.4rem .9rem;margin:.3rem .3rem .3rem 0;border:1px solid #57606a;' +
  'border-radius:.3rem;background:#f6f8fa;color:#1b1f24;text-decoration:none;cursor:pointer}' +
  '@media(prefers-color-scheme:dark){body{background:#0d1117;color:#e6edf3}code{background:#21262d}a{color:#79c0ff}}';

/** Nothing beside the text stands in it: the policy names its hash. */
const STYLE_ELEMENT: Html = { html: `<style>${STYLE}</style>` };

/** No script at all, no frame around it, and forms that lead only here. */
const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Sends a page that is kept nowhere; `refresh` leads on at once. */
export function sendPage(
  response: Response,
  page: { title: string; body: Html; status?: number; refresh?: string },
): void {
  const { title, body, status = 200, refresh } = page;
  const leadsOn = refresh === undefined ? undefined : html`<meta http-equiv="refresh" content="0; url=${refresh}" />`;
  const document = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        ${leadsOn}
        <title>${title} · Isthmus</title>
        ${STYLE_ELEMENT}
      </head>
      <body>
        <main>
          <h1>${title}</h1>
          ${body}
        </main>
      </body>
    </html> `;
  response.setHeader('Content-Security-Policy', POLICY);
  response.setHeader('Cache-Control', 'no-store');
  // Not `no-referrer`: browsers would send forms without their origin, and these are refused.
  response.setHeader('Referrer-Policy', 'same-origin');
  response.status(status).type('html').send(document.html);
}
