import type { TypedDocumentNode } from '@apollo/client';
import { useQuery } from '@apollo/client/react';
import { WINDOW_ROWS, type RowPlace, type WindowPage } from './row-windows.js';
import type { Asking } from './windowed-table.js';

interface Windows<Data, Variables, T> {
  document: TypedDocumentNode<Data, Variables>;
  /** What is asked for rows from a place, which has that place in it. */
  at: (place: RowPlace) => Variables;
  /** The rows in an answer. */
  rowsIn: (data: Data) => WindowPage<T>;
}

/** Which rows a window asks for. */
export const inWindow = (place: RowPlace): RowPlace & { first: number } => ({ first: WINDOW_ROWS, ...place });

/** True for the window that begins the list: what else the page shows comes with it. */
export const isFirst = ({ after, offset }: RowPlace): boolean => after === null && offset === 0;

/** `useQuery`, of which the types cannot tell what any document takes. */
const useAnswer = useQuery as <Data, Variables>(
  document: TypedDocumentNode<Data, Variables>,
  options: { variables: Variables; skip: boolean },
) => { data: Data | undefined; error: Error | undefined; refetch: () => Promise<unknown> };

/** A hook for a windowed table: rows from a place, each window by a query of its own. */
export function windowsOf<Data, Variables, T>({
  document,
  at,
  rowsIn,
}: Windows<Data, Variables, T>): (place: RowPlace, skip: boolean) => Asking<T> {
  return function useWindow(place, skip) {
    const { data, error, refetch } = useAnswer(document, { variables: at(place), skip });
    return { page: data && rowsIn(data), error, again: () => void refetch() };
  };
}
