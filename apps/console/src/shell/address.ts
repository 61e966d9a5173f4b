import { useMatches, useNavigate, useParams, useSearch } from '@tanstack/react-router';

/** What the address says after `?`, read by `parse`: what cannot be meant is left out. */
export function useAddress<T>(parse: (raw: Record<string, unknown>) => T): T {
  return parse(useSearch({ strict: false }));
}

/** The path of the page that is shown: while the next one is loaded, the address is that one's already. */
export function useShownPath(): string {
  return useMatches({ select: (matches) => matches.at(-1)?.pathname ?? '/' });
}

/** A part of the path; empty where the page has none of that name. */
export function usePathPart(name: 'slug' | 'name'): string {
  const parts: Record<string, string | undefined> = useParams({ strict: false });
  return parts[name] ?? '';
}

/** Shows the same page with another search. */
export function useChangeAddress<T extends object>(): (search: T, how?: { replace: boolean }) => void {
  const navigate = useNavigate();
  return (search, how) => void navigate({ to: '.', search, ...how });
}
