import { Button, FormGroup, TextArea } from '@patternfly/react-core';
import { useRef, type ReactNode } from 'react';
import type { ShownIssue } from '../issues/issue-list.js';
import { IssueWay } from '../issues/issue-way.js';
import { messages } from '../messages/messages.js';

/** An issue and the line of the text that it is about. */
export interface LineIssue {
  issue: ShownIssue;
  line: number;
}

interface YamlPaneProps {
  text: string;
  write: (text: string) => void;
  issues: readonly LineIssue[];
}

/** The document as text, with the numbers of its lines and what is wrong in which. */
export function YamlPane({ text, write, issues }: YamlPaneProps): ReactNode {
  const gutter = useRef<HTMLPreElement>(null);
  const show = (line: number): void => {
    const area = document.getElementById('document');
    if (!(area instanceof HTMLTextAreaElement)) return;
    const before = text
      .split('\n')
      .slice(0, line - 1)
      .join('\n').length;
    const start = line === 1 ? 0 : before + 1;
    const end = text.indexOf('\n', start);
    area.focus();
    area.setSelectionRange(start, end === -1 ? text.length : end);
  };
  return (
    <>
      <FormGroup label={messages.editor.document} fieldId="document" className="isthmus-yaml">
        <div className="isthmus-text">
          <pre ref={gutter} className="isthmus-lines" aria-hidden="true">
            <LineNumbers lines={text.split('\n').length} faulty={issues.map(({ line }) => line)} />
          </pre>
          <TextArea
            id="document"
            value={text}
            resizeOrientation="vertical"
            spellCheck={false}
            rows={24}
            aria-describedby={issues.length === 0 ? undefined : 'document-issues'}
            onScroll={({ currentTarget }) => {
              if (gutter.current !== null) gutter.current.scrollTop = currentTarget.scrollTop;
            }}
            onChange={(_, value) => write(value)}
          />
        </div>
      </FormGroup>
      {issues.length === 0 ? null : (
        <ul id="document-issues" className="isthmus-plain">
          {issues.map(({ issue, line }, index) => (
            <li key={`${issue.code} ${index}`}>
              <Button variant="link" isInline onClick={() => show(line)}>
                {messages.forms.atLine(line)}
              </Button>{' '}
              {issue.code}: {issue.message} <code>{issue.path}</code> <IssueWay code={issue.code} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function LineNumbers({ lines, faulty }: { lines: number; faulty: readonly number[] }): ReactNode {
  return Array.from({ length: lines }, (_, index) =>
    faulty.includes(index + 1) ? (
      <span key={index} className="isthmus-faulty">{`! ${index + 1}\n`}</span>
    ) : (
      `${index + 1}\n`
    ),
  );
}
