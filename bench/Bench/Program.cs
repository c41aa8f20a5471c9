using GitOpsSecrets.Bench;

// dotnet run -c Release --project bench/Bench -- NAME
// One file a benchmark, one line here. Each prints ratios against its goal and answers whether the goal was met.
var benchmarks = new SortedDictionary<string, (string What, Func<string[], bool> Run)>(StringComparer.Ordinal)
{
    ["rsa"] = ("private operations per core against `openssl speed`", RsaBenchmark.Run),
    ["keyring"] = ("opening with 50 keys against one", KeyRingBenchmark.Run),
    ["aws"] = ("calls to AWS for 1,000 ExternalSecrets over 50 remote keys", AwsBenchmark.Run),
    ["cli"] = ("one run of the published `seal` against the original: wall, CPU, memory", CliBenchmark.Run),
    ["reencrypt"] = ("`seal reencrypt` of 5,000 three-item files, offline", ReencryptBenchmark.Run),
    ["controller"] = ("1,000 SealedSecrets from nothing, and a restart over 10,000", ControllerBenchmark.Run),
    ["external"] = ("1,000 and 10,000 ExternalSecrets from nothing, a restart over them, and keys that many share", ExternalBenchmark.Run),
    ["seal"] = ("sealing and opening a three-item Secret", SealBenchmark.Run),
};

if (args.Length > 0 && benchmarks.TryGetValue(args[0], out var benchmark)) return benchmark.Run(args[1..]) ? 0 : 1;

Console.Error.WriteLine("usage: dotnet run -c Release --project bench/Bench -- NAME");
foreach (var (name, (what, _)) in benchmarks) Console.Error.WriteLine($"  {name,-10} {what}");
return 2;
