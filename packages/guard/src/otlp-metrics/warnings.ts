/** Kinds of what is odd in metrics that are stored all the same (prometheusremotewrite: annotations.go). */
export const WARNINGS = ['empty_data_points', 'label_name_collision', 'histogram_plus_inf_bound'] as const;
export type Warning = (typeof WARNINGS)[number];

export type Warn = (warning: Warning) => void;
