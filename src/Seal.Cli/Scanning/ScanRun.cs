using System.Collections.Concurrent;
using GitOpsSecrets.Seal.Cli.Git;
using GitOpsSecrets.Seal.Cli.Terminal;

namespace GitOpsSecrets.Seal.Cli.Scanning;

/// <summary>Goes over all items, a few at a time: memory holds as many files as there are processors.</summary>
internal static class ScanRun
{
    public static async Task<ScanResult> RunAsync(IReadOnlyList<ScanItem> items, string what, FileScan scan, CancellationToken cancellationToken)
    {
        var findings = new ConcurrentBag<Finding>();
        var (scanned, passedOver) = (0, 0);
        using (var progress = new Progress(what, items.Count))
        {
            var options = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken };
            await Parallel.ForEachAsync(items, options, (item, _) =>
            {
                var content = item.Read();
                var found = content.Bytes is not { } bytes ? null : content.IsTooLarge ? scan.NotRead(item.Path, item.FullPath, bytes) : scan.Run(item.Path, item.FullPath, bytes);
                if (found is null || content.IsTooLarge) Interlocked.Increment(ref passedOver);
                else Interlocked.Increment(ref scanned);
                foreach (var finding in found ?? []) findings.Add(finding with { ObjectId = item.ObjectId });
                progress.Advance();
                return ValueTask.CompletedTask;
            });
        }
        return new ScanResult([.. findings.OrderBy(f => f.Path, StringComparer.Ordinal).ThenBy(f => f.Line).ThenBy(f => f.Column).ThenBy(f => f.Rule.Id, StringComparer.Ordinal)], scanned, passedOver);
    }

    /// <summary>The same findings, each with the commit that brought it.</summary>
    public static async Task<ScanResult> WithCommitsAsync(ScanResult result, GitRepository repository, CancellationToken cancellationToken)
    {
        var commits = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var id in result.Findings.Select(finding => finding.ObjectId!).Distinct()) commits[id] = await repository.CommitOfAsync(id, cancellationToken);
        return result with { Findings = [.. result.Findings.Select(finding => finding with { Commit = commits[finding.ObjectId!] })] };
    }
}
