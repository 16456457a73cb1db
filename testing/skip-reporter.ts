export default class SkipReporter {}
