import { EXPERIMENTAL_FUNCTIONS, FUNCTIONS } from '../promql/index.ts';
import { TEMPLATE_FUNCTION_NAMES } from '../rules/index.ts';
import type { GuardOptions } from './guard-options.ts';

type Switches = Readonly<Record<string, boolean>>;

const all = (names: Iterable<string>, value: boolean): Switches =>
  Object.fromEntries([...names].map(name => [name, value]));

const OPERATORS =
  '!= !~ % * + - / < </ <= == =~ > >/ >= @ ^ and atan2 avg bottomk count count_values group max min or quantile stddev stdvar sum topk unless';

/** What of PromQL's syntax there is; the rest is behind flags of Prometheus that are not carried out. */
const PROMQL: Switches = {
  ...all(
    'anchored at_modifier bool by duration_expr group_left group_right ignoring negative_offset offset on'.split(
      ' ',
    ),
    true,
  ),
  ...all('per_query_lookback_delta smoothed subqueries without'.split(' '), true),
  ...all('delayed_name_removal fill fill_left fill_right type_and_unit_labels'.split(' '), false),
  unquoted_utf8_names: false,
};

/** The `data` of `/api/v1/features`: what clients may use, by Prometheus's names (util/features). */
export function featuresData(options: GuardOptions): Readonly<Record<string, Switches>> {
  const { features } = options;
  return {
    api: {
      admin: options.enableAdminApi,
      ...all('exclude_alerts label_values_match query_stats query_warnings'.split(' '), true),
      ...all('time_range_labels time_range_series'.split(' '), true),
      ...all('lifecycle openapi_3.1 openapi_3.2 query_cost search'.split(' '), false),
      ...all('search_fuzz_alg_jarowinkler search_fuzz_alg_subsequence'.split(' '), false),
      otlp_write_receiver: options.enableOtlpReceiver,
      remote_write_receiver: options.enableRemoteWriteReceiver,
    },
    otlp_receiver: all(['delta_conversion', 'native_delta_ingestion'], false),
    prometheus: {
      ...all(['agent_mode', 'auto_reload_config', 'stringlabels'], false),
      server_mode: true,
    },
    promql: { ...PROMQL, per_step_stats: features.perStepStats },
    promql_functions: { ...all(FUNCTIONS.keys(), true), ...all(EXPERIMENTAL_FUNCTIONS, false) },
    promql_operators: { ...all(OPERATORS.split(' '), true), ...all(['limit_ratio', 'limitk'], false) },
    rules: { ...all(['keep_firing_for', 'query_offset'], true), concurrent_rule_eval: false },
    scrape: {
      extra_scrape_metrics: true,
      start_timestamp_zero_ingestion: features.createdTimestampZeroIngestion,
      ...all(['openmetrics2', 'type_and_unit_labels'], false),
    },
    service_discovery_providers: all(['file', 'http', 'static'], true),
    templating_functions: all(TEMPLATE_FUNCTION_NAMES, true),
    tsdb: {
      ...all(['exemplar_storage', 'isolation'], true),
      ...all('delayed_compaction histograms_st_encoding native_histograms st_storage'.split(' '), false),
      ...all('use_uncached_io xor2_encoding'.split(' '), false),
    },
    ui: all(['ui_v2', 'ui_v3'], false),
  };
}
