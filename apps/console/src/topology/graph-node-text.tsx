import type { ReactNode } from 'react';
import { topologyMessages as texts } from '../messages/topology-messages.js';
import type { GraphNode } from './graph-model.js';
import { Lock, servedText, versionsOf } from './topology-labels.js';

/** What a node says of itself: everything in words, or in a sign with words for those who do not see it. */
export function GraphNodeText({ shown }: { shown: GraphNode }): ReactNode {
  if (shown.kind === 'gateway') return texts.gateway(shown.addresses);
  if (shown.kind === 'services') {
    const { group } = shown;
    return (
      <>
        <strong>{texts.count(group.services)}</strong>
        <span>
          {texts.unserved}: {group.unserved}
        </span>
        <span>
          {texts.breached}: {group.breached}
        </span>
      </>
    );
  }
  const { service } = shown;
  const versions = versionsOf(shown).join(', ');
  return (
    <>
      <strong>
        <Lock mode={service.encryption} isShort /> {service.name}
      </strong>
      <span>
        {servedText(shown)}
        {versions === '' ? '' : `, ${versions}`}
      </span>
      {service.objective === 'BREACHED' ? <span>{texts.breached}</span> : null}
    </>
  );
}
