import { folderCommand, helmCommand, ticketFiles, type AgentTicket } from '@isthmus/installation';

/** What a person does with a new token, the usual first; lines for a shell, with comments. */
export function waysIn(ticket: AgentTicket, context: string | undefined): string {
  const onboard = `isthmus cluster onboard ${ticket.cluster}${context === undefined ? '' : ` --context ${context}`}`;
  const ways: [string, string][] = [
    [
      'Kubernetes: everything that installs the agent, with another token of its own',
      `${onboard} --manifest | kubectl apply -f -`,
    ],
    [
      'Kubernetes, for somebody without access to Isthmus: a kubectl command whose address answers three times',
      `${onboard} --url`,
    ],
    ['This token, in files for one of the two commands below', ticketFiles(ticket)],
    ['Kubernetes, with Helm', helmCommand(ticket)],
    ['A folder of manifests instead of a cluster', folderCommand(ticket)],
  ];
  return ways.map(([what, command]) => `# ${what}\n${command}\n`).join('\n');
}
