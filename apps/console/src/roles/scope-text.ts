import { messages } from '../messages/messages.js';

/** Where a role counts, in words. */
export function scopeText({ kind, name }: { kind: keyof typeof messages.roles.scopes; name: string }): string {
  const place = messages.roles.scopes[kind];
  return name === '' ? place : `${place} ${name}`;
}
