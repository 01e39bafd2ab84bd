/** What API v2 says about an alert, as one line. */
export function describeState(
  status:
    | {
        readonly state: string;
        readonly inhibitedBy: readonly string[];
        readonly silencedBy: readonly string[];
        readonly mutedBy: readonly string[];
      }
    | undefined,
): string {
  if (!status) return 'absent';
  const by = [
    status.inhibitedBy.length > 0 && 'inhibited',
    status.silencedBy.length > 0 && 'silenced',
    status.mutedBy.length > 0 && 'muted',
  ].filter(each => each !== false);
  return [status.state, ...by].join(', ');
}
