import type { DemoReport } from '../demo/run-demo.ts'
import { runDemo } from '../demo/run-demo.ts'
import { drawTopology } from '../demo/draw-topology.ts'
import { print, table, type OutputOptions } from './output.ts'
import { runInPrivateNamespaces } from './private-namespaces.ts'

function reportLines(report: DemoReport): readonly string[] {
  const reach = report.reachability.map(({ from, to, network, address, reached, detail }) => [
    from,
    to,
    network,
    address,
    reached ? 'reaches' : 'does not reach',
    detail,
  ])
  const steps = report.steps.map(({ step, milliseconds }) => [step, `${milliseconds.toFixed(1)} ms`])
  return [
    ...drawTopology(report.topology),
    '',
    ...table([['FROM', 'TO', 'NETWORK', 'ADDRESS', '', ''], ...reach]),
    '',
    ...table([['STEP', 'TIME'], ...steps]),
    '',
    report.leftOver.length === 0
      ? 'Nothing is left: links, addresses and namespaces are as they were before.'
      : `LEFT OVER: ${report.leftOver.join(', ')}`,
  ]
}

/** `libnetwork demo`: the main job, in namespaces of its own. */
export async function demo(options: OutputOptions): Promise<void> {
  process.exitCode = await runInPrivateNamespaces(['demo-inside', ...(options.json === true ? ['--json'] : [])])
}

/** What {@link demo} runs inside its namespaces. */
export async function demoInside(options: OutputOptions): Promise<void> {
  const report = await runDemo()
  print(report, options, reportLines)
  if (!report.asExpected) process.exitCode = 1
}
