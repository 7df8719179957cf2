// The catalogue of what gridwright says of itself to Prometheus and its kin, at /metrics of the page's address. The endpoint
// registers by it and docs/metrics.md is it. Names end in their unit.
export const OWN_METRICS = {
  gridwright_control_up: { help: "1 while control is heard on the live bus", labels: [] },
  gridwright_control_ticks_total: { help: "ticks of control since its start", labels: [] },
  gridwright_control_lateness_seconds: {
    help: "plant time by which ticks came late, lately; quantile 1 is the worst",
    labels: ["quantile"],
  },
  gridwright_control_tick_seconds: {
    help: "real time that a tick took, lately: observe, decide, act, report",
    labels: ["quantile"],
  },
  gridwright_memory_bytes: { help: "resident memory", labels: ["process"] },
  gridwright_disk_written_bytes_total: {
    help: "written to the card since the process started; `increase` over a day tells the wear",
    labels: ["process"],
  },
  gridwright_disk_written_bytes_per_day: {
    help: "written to the card in a day, by the last 24 h or what was seen of them; from an hour after the first question on",
    labels: ["process"],
  },
  gridwright_journal_written_bytes_total: { help: "bytes of the journal since control started", labels: [] },
  gridwright_journal_queued_bytes: { help: "taken and not yet on the card", labels: [] },
  gridwright_journal_merged_total: { help: "ticks that were merged because the card refused", labels: [] },
  gridwright_journal_refused_total: { help: "records that did not fit any more", labels: [] },
  gridwright_journal_failing: { help: "1 while the card refuses", labels: [] },
  gridwright_bus_up: { help: "1 while the Modbus link is there", labels: ["bus"] },
  gridwright_bus_requests_total: { help: "requests since control started", labels: ["bus"] },
  gridwright_bus_timeouts_total: { help: "requests that nobody answered in time", labels: ["bus"] },
  gridwright_bus_strays_total: { help: "frames that answered nothing", labels: ["bus"] },
  gridwright_bus_utilisation_ratio: {
    help: "share of the time in which a request was under way",
    labels: ["bus"],
  },
  gridwright_device_errors_total: { help: "errors of a device since control started", labels: ["device"] },
  gridwright_device_age_seconds: { help: "age of a device's newest answer", labels: ["device"] },
  gridwright_alarms: { help: "alarms that stand", labels: ["severity"] },
  gridwright_metrics_written_total: { help: "lines that a metrics database took", labels: ["target"] },
  gridwright_metrics_refused_total: { help: "lines that it will never take", labels: ["target"] },
  gridwright_metrics_expired_total: {
    help: "lines that came when they were older than the database keeps",
    labels: ["target"],
  },
  gridwright_metrics_mistimed_total: {
    help: "values left out because their time cannot be true",
    labels: ["target"],
  },
  gridwright_metrics_lost_total: {
    help: "places of the journal that could not be read for it",
    labels: ["target"],
  },
  gridwright_metrics_thinned_total: {
    help: "minutes sent to it in place of points that the journal had let go",
    labels: ["target"],
  },
  gridwright_metrics_failing: { help: "1 while it takes nothing", labels: ["target"] },
  gridwright_metrics_backlog_seconds: {
    help: "how far its newest value lies behind now",
    labels: ["target"],
  },
  gridwright_jobs: { help: "jobs of the workshop that the queue knows", labels: ["machine", "state"] },
  gridwright_machine_running_seconds_total: { help: "true running time of a machine", labels: ["machine"] },
  gridwright_machine_starts_total: { help: "times that a machine began to work", labels: ["machine"] },
  gridwright_machine_care_left_seconds: {
    help: "running time until a machine's care is due; negative: overdue",
    labels: ["machine", "care"],
  },
  gridwright_history_taken_total: { help: "values that the local history took", labels: [] },
  gridwright_history_damaged_blocks: { help: "blocks of the local history found damaged", labels: [] },
  gridwright_history_failing: { help: "1 while the local history takes nothing", labels: [] },
} as const;
export type OwnMetricName = keyof typeof OWN_METRICS;
