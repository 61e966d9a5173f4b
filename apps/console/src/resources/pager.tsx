import { Button, Content, Flex, FlexItem } from '@patternfly/react-core';
import type { ReactNode } from 'react';
import { messages } from '../messages/messages.js';

interface PagerProps {
  /** The page that is shown, as the server cut it. */
  page: {
    totalCount?: number | null;
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
  };
  isFirst: boolean;
  /** Shows what comes after a cursor; undefined: the first page. */
  go: (after: string | undefined) => void;
}

/** Pages of a list that the server cuts: forward, and back to the first. */
export function Pager({ page: { totalCount, pageInfo }, isFirst, go }: PagerProps): ReactNode {
  if (totalCount === 0 && isFirst) return null;
  return (
    <Flex justifyContent={{ default: 'justifyContentSpaceBetween' }} alignItems={{ default: 'alignItemsCenter' }}>
      <FlexItem>
        <Content component="small" role="status">
          {typeof totalCount === 'number' ? messages.list.total(totalCount) : null}
        </Content>
      </FlexItem>
      {isFirst && !pageInfo.hasNextPage ? null : (
        <FlexItem>
          <Button variant="secondary" isDisabled={isFirst} onClick={() => go(undefined)}>
            {messages.list.previous}
          </Button>{' '}
          <Button
            variant="secondary"
            isDisabled={!pageInfo.hasNextPage}
            onClick={() => go(pageInfo.endCursor ?? undefined)}
          >
            {messages.list.next}
          </Button>
        </FlexItem>
      )}
    </Flex>
  );
}
