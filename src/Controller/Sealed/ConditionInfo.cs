using System.Text;
using GitOpsSecrets.Controller.Runtime;

namespace GitOpsSecrets.Controller.Sealed;

/// <summary>
/// <c>condition_info{namespace,name,condition,ss_app_kubernetes_io_instance}</c>: −1, 0 or 1 for False, Unknown and True.
/// Computed from the cache when asked for: ten thousand instruments would cost more memory than all else.
/// </summary>
internal sealed class ConditionInfo(SealedCaches caches)
{
    private const string Name = Metrics.Prefix + "condition_info";
    private const int FlushAt = 64 * 1024;

    public async Task WriteAsync(Stream stream, CancellationToken cancellationToken)
    {
        var text = new StringBuilder($"# HELP {Name} Current SealedSecret condition status: -1 false, 0 unknown, 1 true.\n# TYPE {Name} gauge\n");
        // Those are told as failed, whatever the last version said that could be read.
        var unreadable = caches.Unreadable.ToHashSet();
        foreach (var cached in caches.All)
        {
            if ((unreadable.Remove(cached.Key) ? SealedStatus.False : cached.Synced) is { } synced) Append(text, cached.Key, cached.Instance, synced);
            if (text.Length >= FlushAt) await FlushAsync(stream, text, cancellationToken).ConfigureAwait(false);
        }
        foreach (var key in unreadable) Append(text, key, instance: "", SealedStatus.False);
        await FlushAsync(stream, text, cancellationToken).ConfigureAwait(false);
    }

    private static void Append(StringBuilder text, NamespacedName key, string instance, string synced)
    {
        var value = synced switch { "True" => "1", "False" => "-1", _ => "0" };
        text.Append(Name)
            .Append("{namespace=\"").Append(Escape(key.Namespace))
            .Append("\",name=\"").Append(Escape(key.Name))
            .Append("\",condition=\"").Append(SealedStatus.SyncedType)
            .Append("\",ss_app_kubernetes_io_instance=\"").Append(Escape(instance))
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
