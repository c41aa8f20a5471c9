using System.Text;

namespace GitOpsSecrets.Controller.Sealed;

/// <summary>
/// <c>condition_info{namespace,name,condition,ss_app_kubernetes_io_instance}</c>: −1, 0 or 1 for False, Unknown and True.
/// Computed from the cache when asked for: ten thousand instruments would cost more memory than all else.
/// </summary>
internal sealed class ConditionInfo(Func<IEnumerable<CachedSealedSecret>> cache)
{
    private const string Name = Metrics.Prefix + "condition_info";
    private const int FlushAt = 64 * 1024;

    public async Task WriteAsync(Stream stream, CancellationToken cancellationToken)
    {
        var text = new StringBuilder($"# HELP {Name} Current SealedSecret condition status: -1 false, 0 unknown, 1 true.\n# TYPE {Name} gauge\n");
        foreach (var cached in cache())
        {
            if (cached.Synced is not null) Append(text, cached);
            if (text.Length >= FlushAt) await FlushAsync(stream, text, cancellationToken).ConfigureAwait(false);
        }
        await FlushAsync(stream, text, cancellationToken).ConfigureAwait(false);
    }

    private static void Append(StringBuilder text, CachedSealedSecret cached)
    {
        var value = cached.Synced switch { "True" => "1", "False" => "-1", _ => "0" };
        text.Append(Name)
            .Append("{namespace=\"").Append(Escape(cached.Key.Namespace))
            .Append("\",name=\"").Append(Escape(cached.Key.Name))
            .Append("\",condition=\"").Append(SealedStatus.SyncedType)
            .Append("\",ss_app_kubernetes_io_instance=\"").Append(Escape(cached.Instance))
            .Append("\"} ").Append(value).Append('\n');
    }

    private static string Escape(string text) => text
        .Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private static async Task FlushAsync(Stream stream, StringBuilder text, CancellationToken cancellationToken)
    {
        var bytes = Encoding.UTF8.GetBytes(text.ToString());
        text.Clear();
        await stream.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
    }
}
