import type { Token, Tokens } from 'marked';
import { createContext, Fragment, use, useMemo, type JSX, type ReactNode } from 'react';
import { CodeExample } from './code-example.js';
import { DocLinkView } from './doc-link-view.js';
import { helpMessages as texts } from './help-messages.js';
import { headingsOf, type Heading } from './markdown.js';

interface Page {
  /** Whose links are relative to it. */
  file: string;
  headings: ReadonlyMap<Token, Heading>;
  /** Which one of its kind a token is, so that each has a name of its own. */
  ordinals: ReadonlyMap<Token, number>;
}

const PageContext = createContext<Page>({ file: '', headings: new Map(), ordinals: new Map() });

function ordinalsOf(tokens: readonly Token[]): Map<Token, number> {
  const counts = new Map<string, number>();
  const found = new Map<Token, number>();
  for (const token of tokens) {
    const next = (counts.get(token.type) ?? 0) + 1;
    counts.set(token.type, next);
    found.set(token, next);
  }
  return found;
}

/** A page of the documentation. Elements are made of what the parser found: HTML in a text is shown as it is written. */
export function MarkdownView({ tokens, file }: { tokens: readonly Token[]; file: string }): ReactNode {
  const page = useMemo(() => ({ file, headings: headingsOf(tokens), ordinals: ordinalsOf(tokens) }), [tokens, file]);
  return (
    <PageContext value={page}>
      <Parts tokens={tokens} />
    </PageContext>
  );
}

function Parts({ tokens }: { tokens: readonly Token[] | undefined }): ReactNode {
  return tokens?.map((token, at) => <Part key={at} token={token} />);
}

function Part({ token }: { token: Token }): ReactNode {
  const View = Object.hasOwn(VIEWS, token.type) ? VIEWS[token.type] : undefined;
  return View === undefined ? token.raw : <View token={token} />;
}

type View = (props: { token: Token }) => ReactNode;

/** A view of one type of token. */
const view =
  <T,>(show: (token: T) => ReactNode): View =>
  ({ token }) =>
    show(token as T);

const VIEWS: Readonly<Record<string, View>> = {
  space: () => null,
  def: () => null,
  hr: () => <hr />,
  br: () => <br />,
  heading: HeadingView,
  table: TableView,
  code: CodeView,
  list: view<Tokens.List>(({ ordered, start, items }) =>
    ordered ? (
      <ol start={start === '' ? 1 : start}>
        <Parts tokens={items} />
      </ol>
    ) : (
      <ul>
        <Parts tokens={items} />
      </ul>
    ),
  ),
  list_item: view<Tokens.ListItem>(({ tokens }) => (
    <li>
      <Parts tokens={tokens} />
    </li>
  )),
  paragraph: view<Tokens.Paragraph>(({ tokens }) => (
    <p>
      <Parts tokens={tokens} />
    </p>
  )),
  blockquote: view<Tokens.Blockquote>(({ tokens }) => (
    <blockquote>
      <Parts tokens={tokens} />
    </blockquote>
  )),
  text: view<Tokens.Text>(({ tokens, text }) => (tokens === undefined ? text : <Parts tokens={tokens} />)),
  escape: view<Tokens.Escape>(({ text }) => text),
  html: view<Tokens.HTML>(({ text }) => text),
  strong: view<Tokens.Strong>(({ tokens }) => (
    <strong>
      <Parts tokens={tokens} />
    </strong>
  )),
  em: view<Tokens.Em>(({ tokens }) => (
    <em>
      <Parts tokens={tokens} />
    </em>
  )),
  codespan: view<Tokens.Codespan>(({ text }) => <code>{text}</code>),
  link: LinkView,
};

/** Types of tokens that are shown as what they are. */
export const SHOWN_TYPES: readonly string[] = Object.keys(VIEWS);

function HeadingView({ token }: { token: Token }): ReactNode {
  const { headings } = use(PageContext);
  const heading = headings.get(token);
  const { depth, tokens } = token as Tokens.Heading;
  const Tag: keyof JSX.IntrinsicElements = depth === 2 ? 'h2' : 'h3';
  return (
    <Tag id={heading?.id} tabIndex={-1}>
      <Parts tokens={tokens} />
    </Tag>
  );
}

function LinkView({ token }: { token: Token }): ReactNode {
  const { file } = use(PageContext);
  const { href, tokens } = token as Tokens.Link;
  return (
    <DocLinkView href={href} file={file}>
      <Parts tokens={tokens} />
    </DocLinkView>
  );
}

function CodeView({ token }: { token: Token }): ReactNode {
  const { ordinals } = use(PageContext);
  const { text } = token as Tokens.Code;
  return <CodeExample label={texts.example(ordinals.get(token) ?? 1)} text={text} />;
}

// What is wider than the screen scrolls by itself, by keys too.
function TableView({ token }: { token: Token }): ReactNode {
  const { ordinals } = use(PageContext);
  const { header, rows } = token as Tokens.Table;
  return (
    <div className="isthmus-wide" role="region" tabIndex={0} aria-label={texts.table(ordinals.get(token) ?? 1)}>
      <table>
        <thead>
          <tr>
            {header.map(({ tokens }, at) => (
              <Fragment key={at}>
                {tokens.length === 0 ? (
                  <td />
                ) : (
                  <th scope="col">
                    <Parts tokens={tokens} />
                  </th>
                )}
              </Fragment>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            <tr key={at}>
              {row.map(({ tokens }, column) => (
                <td key={column}>
                  <Parts tokens={tokens} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
