using System.Globalization;
using System.Text;

namespace GitOpsSecrets.Controller.External;

/// <summary>Series in the text form of Prometheus, written piece by piece: ten thousand objects have forty thousand of them, which need not be in memory at once.</summary>
internal sealed class SeriesWriter(Stream stream)
{
    private const int FlushAt = 64 * 1024;

    private readonly StringBuilder text = new();

    public void Head(string name, string type, string help) => text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} {type}\n");

    /// <summary>One series. Labels come in pairs: name, value, name, value.</summary>
    public async ValueTask WriteAsync(string name, IEnumerable<(string Name, string Value)> labels, double value, CancellationToken cancellationToken)
    {
        text.Append(name);
        var separator = '{';
        foreach (var (label, content) in labels)
        {
            text.Append(separator).Append(label).Append("=\"");
            Escape(content);
            text.Append('"');
            separator = ',';
        }
        if (separator == ',') text.Append('}');
        text.Append(' ').Append(value.ToString(CultureInfo.InvariantCulture)).Append('\n');
        if (text.Length >= FlushAt) await FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        var bytes = Encoding.UTF8.GetBytes(text.ToString());
        text.Clear();
        await stream.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
    }

    private void Escape(string content)
    {
        foreach (var c in content)
        {
            _ = c switch
            {
                '\\' => text.Append("\\\\"),
                '"' => text.Append("\\\""),
                '\n' => text.Append("\\n"),
                _ => text.Append(c),
            };
        }
    }
}
