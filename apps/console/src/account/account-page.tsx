import { useQuery } from '@apollo/client/react';
import { Content, Title } from '@patternfly/react-core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { graphql } from '../connection/graphql.js';
import { messages } from '../messages/messages.js';
import { scopeText } from '../roles/scope-text.js';
import { Asked } from '../shell/asked.js';
import { DataTable } from '../shell/data-table.js';
import { PageFrame } from '../shell/page-frame.js';
import { Facts } from '../status/facts.js';
import { Expandable } from '../shell/expandable.js';

const texts = messages.account;

const Me = graphql(`
  query Me {
    viewer {
      actor
      name
      role
      tokenName
      permissions
      grants {
        role
        scope {
          kind
          name
        }
      }
      organization {
        id
        name
        displayName
      }
    }
  }
`);

/** Who one is here, and what one may do. */
export function AccountPage(): ReactNode {
  const { data, error, refetch } = useQuery(Me);
  return (
    <PageFrame title={texts.title}>
      <Asked data={data} error={error} again={() => void refetch()}>
        {({ viewer: { actor, name, tokenName, grants, permissions, organization } }) => (
          <>
            <Facts
              facts={[
                [texts.name, name],
                [texts.actor, <code key="actor">{actor}</code>],
                [texts.by, tokenName === '' ? <Link to="/sessions">{texts.session}</Link> : texts.token(tokenName)],
                [texts.organization, organization.displayName],
              ]}
            />
            <Title headingLevel="h2">{texts.grants}</Title>
            <DataTable
              label={texts.grants}
              rows={grants}
              keyOf={({ role, scope }) => `${role} ${scope.kind} ${scope.name}`}
              columns={[
                [messages.roles.role, ({ role }) => role],
                [messages.roles.where, ({ scope }) => scopeText(scope)],
              ]}
            />
            <Expandable title={texts.permissions(permissions.length)}>
              <Content component="p">{permissions.join(', ')}</Content>
            </Expandable>
          </>
        )}
      </Asked>
    </PageFrame>
  );
}
