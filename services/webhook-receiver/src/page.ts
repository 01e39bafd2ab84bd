import type { HeartbeatView } from './deadman/index.ts';
import type { Notification } from './store.ts';

const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, character => ESCAPES[character] ?? character);
}

/** Rows on the page; the API has them all. */
const SHOWN = 200;

const STYLE =
  'body{font:14px system-ui,sans-serif;margin:2rem;color:#1a1a1a;background:#fff}' +
  'table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.4rem .6rem;border-bottom:1px solid #ddd;vertical-align:top}' +
  '.firing{color:#b00020;font-weight:600}.resolved{color:#1b6e20;font-weight:600}code{font-size:12px}.waiting{font-weight:600}' +
  '@media(prefers-color-scheme:dark){body{color:#eee;background:#161616}th,td{border-color:#444}.firing{color:#ff8a80}.resolved{color:#81c784}}';

/** Nothing but the style of the page itself: labels are what anybody who can send an alert wrote. */
export const PAGE_CSP =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

function row(entry: Notification): string {
  const labels = Object.entries(entry.labels)
    .filter(([name]) => name !== 'alertname')
    .map(([name, value]) => `<code>${escapeHtml(`${name}=${value}`)}</code>`)
    .join(' ');
  const cells = [
    escapeHtml(new Date(entry.firstReceivedAt).toISOString()),
    `<span class="${entry.status}">${entry.status}</span>`,
    escapeHtml(entry.labels.alertname ?? ''),
    labels,
    escapeHtml(entry.annotations.summary ?? entry.annotations.description ?? ''),
    String(entry.deliveries),
  ];
  return `<tr>${cells.map(cell => `<td>${cell}</td>`).join('')}</tr>`;
}

const HEARTBEAT_CLASS = { never_seen: 'waiting', alive: 'resolved', late: 'firing' } as const;
const HEARTBEAT_WORD = { never_seen: 'never seen', alive: 'alive', late: 'late' } as const;

const iso = (time: number) => new Date(time).toISOString();

/** Whether paging as a whole works, before what was paged. */
function heartbeatLine(view: HeartbeatView): string {
  const { state, lastSeenAt, lateSince, expectedIntervalSeconds, lateAfterSeconds, outgoing } = view;
  const parts = [
    `<span class="${HEARTBEAT_CLASS[state]}">${HEARTBEAT_WORD[state]}</span>`,
    lateSince === null ? '' : `since ${iso(lateSince)}: no alert may reach anybody`,
    lastSeenAt === null ? 'none has come yet' : `last one ${iso(lastSeenAt)}`,
    `expected every ${expectedIntervalSeconds} s, late after ${lateAfterSeconds} s`,
    outgoing.configured ? '' : 'nobody is told when it is late: DEADMAN_WEBHOOK_URL is not set',
    outgoing.lastFailure === null ? '' : `telling of it failed: ${escapeHtml(outgoing.lastFailure)}`,
  ];
  return `<p role="status">Heartbeat of paging: ${parts.filter(part => part !== '').join('; ')}. Also as JSON: <code>/api/heartbeat</code></p>`;
}

/** The page at `/`: it asks for itself anew every five seconds and needs no script. */
export function renderPage(entries: readonly Notification[], heartbeat: HeartbeatView): string {
  const head = ['Received', 'Status', 'Alert', 'Labels', 'Summary', 'Deliveries'];
  const rows = entries.slice(0, SHOWN).map(row).join('');
  const table = `<table><thead><tr>${head.map(name => `<th scope="col">${name}</th>`).join('')}</tr></thead><tbody>${rows}</tbody></table>`;
  const body = entries.length === 0 ? '<p>No notification yet.</p>' : table;
  return (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta http-equiv="refresh" content="5">' +
    '<meta name="viewport" content="width=device-width"><title>Notifications</title>' +
    `<style>${STYLE}</style></head><body><h1>Notifications</h1>${heartbeatLine(heartbeat)}` +
    `<p>${entries.length} kept, newest first. Also as JSON: <code>/api/notifications</code></p>${body}</body></html>`
  );
}
