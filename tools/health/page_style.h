// How the page looks, on light and on dark screens.
#pragma once

#include <string_view>

namespace ranvier::health {

inline constexpr std::string_view page_style = R"(:root { color-scheme: light dark;
  --page: #f4f5f7; --panel: #ffffff; --ink: #1c2330; --soft: #626b7a; --line: #dfe3e8; --accent: #2b6cd8;
  --bad: #c22f2f; --bad-page: #fdeaea; --fine: #1f7a4d; --always: #d9a21b; --shade: #f6dcdc; --tag: #eef1f5 }
@media (prefers-color-scheme: dark) { :root {
  --page: #12151a; --panel: #1b2027; --ink: #e7eaf0; --soft: #98a2b3; --line: #303743; --accent: #6aa5ff;
  --bad: #ff8f87; --bad-page: #41242a; --fine: #6fd3a0; --always: #e3bb54; --shade: #40282c; --tag: #2a313c } }
* { box-sizing: border-box }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, "Segoe UI", Roboto,
  "Helvetica Neue", "DejaVu Sans", sans-serif }
main { max-width: 1240px; margin: 0 auto; padding: 32px 24px 64px }
h1 { margin: 0; font-size: 28px; line-height: 1.25; overflow-wrap: anywhere }
h2 { margin: 36px 0 12px; font-size: 18px }
h3 { margin: 0 0 6px; font-size: 15px; overflow-wrap: anywhere }
p { margin: 0 0 8px }
a { color: inherit; text-decoration-color: var(--line); text-underline-offset: 3px }
.kicker { color: var(--accent); font-weight: 600; letter-spacing: .06em; text-transform: uppercase; font-size: 12px }
.sub { color: var(--soft); overflow-wrap: anywhere }
.panel, .tile { background: var(--panel); border: 1px solid var(--line); border-radius: 10px }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(140px, 1fr)); gap: 12px; margin-top: 20px }
.tile { padding: 12px 16px }
.tile b { display: block; font-size: 24px; line-height: 1.2; font-variant-numeric: tabular-nums }
.tile span { color: var(--soft); font-size: 13px }
.tile.bad b { color: var(--bad) }
.fine { margin-top: 24px; color: var(--fine); font-weight: 600 }
.caution { margin-top: 24px; color: var(--soft) }
.findings { margin: 0; padding: 0; list-style: none; display: grid; gap: 8px }
.findings li { padding: 10px 14px; background: var(--panel); border: 1px solid var(--line);
  border-left: 4px solid var(--bad); border-radius: 8px }
.findings p { margin: 0 0 4px }
.where { margin-right: 14px; white-space: nowrap; font-size: 13px }
.tag { display: inline-block; padding: 1px 8px; border-radius: 9px; background: var(--tag); color: var(--soft);
  font-size: 12px; overflow-wrap: anywhere }
.tag.bad { background: var(--bad-page); color: var(--bad); font-weight: 600 }
figure { margin: 0; padding: 14px 16px 10px }
figcaption { margin-top: 8px; color: var(--soft); font-size: 13px }
.scroll { overflow-x: auto }
table { border-collapse: collapse; width: 100%; font-size: 13px; font-variant-numeric: tabular-nums }
th, td { padding: 6px 10px; text-align: right; white-space: nowrap; border-bottom: 1px solid var(--line) }
th { color: var(--soft); font-weight: 600 }
tr:last-child td { border-bottom: 0 }
th:nth-child(-n + 4), td:nth-child(-n + 4) { text-align: left }
td:first-child { color: var(--soft) }
td.bad { background: var(--bad-page); color: var(--bad); font-weight: 600 }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(340px, 1fr)); gap: 16px; align-items: start }
.card { padding: 14px 16px 10px }
.number { color: var(--soft); font-weight: 400 }
.facts { color: var(--soft); font-size: 12.5px }
.meter { display: grid; grid-template-columns: 1fr 76px 56px; gap: 8px; align-items: center; font-size: 12.5px;
  color: var(--soft) }
.meter span:last-child { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums }
.meter i { display: block; height: 7px; border-radius: 4px; background: var(--tag); overflow: hidden }
.meter i i { background: var(--accent) }
.meter.bad { color: var(--bad) }
.meter.bad i i { background: var(--bad) }
.units { margin-top: 10px; font-size: 12.5px; color: var(--soft) }
.units p { margin: 2px 0 6px }
.advice { margin: 8px 0 4px; padding: 8px 10px; border-radius: 8px; background: var(--bad-page); font-size: 13px }
svg { display: block; width: 100%; height: auto }
figure svg { min-width: 680px }
svg text { font-size: 11px; fill: var(--soft) }
svg line, svg path { fill: none }
.grid { stroke: var(--line) }
.axis { stroke: var(--soft) }
.bar { fill: var(--accent) }
.flat { fill: var(--shade) }
.mean { stroke: var(--ink); stroke-dasharray: 3 3 }
.spread { stroke: var(--accent); stroke-width: 6; stroke-opacity: .3; stroke-linecap: round }
.course { stroke: var(--accent); stroke-width: 2; stroke-linejoin: round }
.dot { fill: var(--accent) }
.dot.bad { fill: var(--bad) }
.usual { fill: var(--line) }
.always-on { fill: var(--always); background: var(--always) }
.never-on { fill: var(--soft); background: var(--soft) }
.dead { fill: var(--bad); background: var(--bad) }
.key { display: inline-block; width: 9px; height: 9px; border-radius: 2px }
)";

}  // namespace ranvier::health
