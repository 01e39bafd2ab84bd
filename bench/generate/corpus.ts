import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const FILES = 1_000;
export const SLOS_A_FILE = 10;

/** One service with its SLOs, as a Sloth file, which both programs read. */
export function slothFile(index: number, count = SLOS_A_FILE): string {
  const slos = Array.from({ length: count }, (_, i) => slo(index, i)).join('');
  return `version: "prometheus/v1"
service: "service-${index}"
labels:
  owner: "team-${index % 40}"
  repo: "example/service-${index}"
slos:
${slos}`;
}

const OBJECTIVES = ['99', '99.5', '99.9', '99.95'];

const slo = (file: number, index: number): string => `  - name: "requests-${index}"
    objective: ${OBJECTIVES[(file + index) % OBJECTIVES.length]}
    description: "Requests of route ${index} that are answered."
    labels:
      tier: "${index % 3}"
    sli:
      events:
        error_query: sum(rate(http_request_duration_seconds_count{job="service-${file}",route="/r${index}",code=~"(5..|429)"}[{{.window}}]))
        total_query: sum(rate(http_request_duration_seconds_count{job="service-${file}",route="/r${index}"}[{{.window}}]))
    alerting:
      name: Service${file}HighErrorRate
      labels:
        category: "availability"
      annotations:
        summary: "High error rate of route ${index}"
      page_alert:
        labels:
          routing_key: "team-${file % 40}"
      ticket_alert:
        labels:
          slack_channel: "#alerts-${file % 40}"
`;

/** Writes the files into a folder. */
export function writeCorpus(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (let i = 0; i < FILES; i++)
    writeFileSync(join(folder, `service-${String(i).padStart(4, '0')}.yml`), slothFile(i));
}
