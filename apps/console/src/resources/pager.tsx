import { Button, Content, Flex, FlexItem } from '@patternfly/react-core';
import type { ReactNode } from 'react';
import { messages } from '../messages/messages.js';

interface PagerProps {
  total: number | null | undefined;
  hasNext: boolean;
  isFirst: boolean;
  onFirst: () => void;
  onNext: () => void;
}

/** Pages of a list that the server cuts: forward, and back to the first. */
export function Pager({ total, hasNext, isFirst, onFirst, onNext }: PagerProps): ReactNode {
  return (
    <Flex justifyContent={{ default: 'justifyContentSpaceBetween' }} alignItems={{ default: 'alignItemsCenter' }}>
      <FlexItem>
        <Content component="small" role="status">
          {typeof total === 'number' ? messages.list.total(total) : null}
        </Content>
      </FlexItem>
      {isFirst && !hasNext ? null : (
        <FlexItem>
          <Button variant="secondary" isDisabled={isFirst} onClick={onFirst}>
            {messages.list.previous}
          </Button>{' '}
          <Button variant="secondary" isDisabled={!hasNext} onClick={onNext}>
            {messages.list.next}
          </Button>
        </FlexItem>
      )}
    </Flex>
  );
}
