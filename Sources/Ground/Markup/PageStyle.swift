extension Theme {
  /// The rules of a page with facts, tables and charts, which has the theme's properties.
  package static let page = """
    *{box-sizing:border-box}
    body{margin:0 auto;max-width:80rem;padding:2rem 1.75rem 4rem;background:var(--paper);color:var(--ink);\
    font:0.875rem/1.5 \(font);font-variant-numeric:tabular-nums}
    h1{font-size:1.25rem;font-weight:600;margin:0 0 .25rem;overflow-wrap:anywhere}
    h2{font-size:1.125rem;font-weight:600;margin:2.5rem 0 .5rem}
    header p{margin:0 0 1rem}
    dl{display:flex;flex-wrap:wrap;gap:.5rem 2rem;margin:0}
    dt{color:var(--muted);font-size:.75rem}
    dd{margin:0}
    .note{color:var(--muted);max-width:46rem;margin:0 0 1rem}
    .figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,34rem),1fr));gap:1.5rem 2rem}
    figure{margin:0;min-width:0;break-inside:avoid}
    figcaption{font-weight:600;margin-bottom:.25rem}
    svg{display:block;width:100%;height:auto;max-width:44rem}
    pre{margin:0;padding:1rem;background:var(--surface);border-radius:6px;white-space:pre-wrap;overflow-wrap:anywhere;\
    font:0.8125rem/1.5 \(monospace);break-inside:avoid}
    table{border-collapse:collapse;font-size:.875rem}
    th{font-weight:600;color:var(--muted);font-size:.75rem;text-align:right;vertical-align:bottom}
    th,td{padding:.25rem 1.25rem .25rem 0;white-space:nowrap}
    td{text-align:right;border-top:1px solid var(--rule)}
    td:first-child,th:first-child{text-align:left}
    .scroll{overflow-x:auto}
    a{color:var(--accent)}
    code{font-family:\(monospace);font-size:.93em;overflow-wrap:anywhere}
    dd,figcaption{overflow-wrap:anywhere}
    .narrow{display:none}
    @media (max-width:36rem){body{padding:1.25rem 1rem 3rem}.wide{display:none}.narrow{display:block}.figures{grid-template-columns:minmax(0,1fr)}\
    .results thead{display:none}.results,.results tbody{display:block}\
    .results tr{display:grid;grid-template-columns:1fr 1fr;gap:0 1.5rem;padding:.5rem 0;border-top:1px solid var(--rule)}\
    .results td,.results td:first-child{display:flex;justify-content:space-between;gap:.5rem;padding:.125rem 0;border:0;white-space:normal}\
    .results td::before{content:attr(data-title);color:var(--muted);font-size:.75rem;text-align:left}\
    .results td:first-child{grid-column:1/-1;font-weight:600}.results td:first-child::before{content:none}.results td:empty{display:none}}
    @media print{@page{margin:14mm}body{padding:0;max-width:none;background:none;font-size:9pt}\
    .figures{grid-template-columns:1fr 1fr}.wide{display:block}.narrow{display:none}}
    """
}
