using System.Text;

namespace GitOpsSecrets.LocalCluster.Tests.Quickstart;

/// <summary>Text that can be read while another task still writes it.</summary>
internal sealed class LockedWriter : TextWriter
{
    private readonly Lock gate = new();
    private readonly StringBuilder text = new();

    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value)
    {
        lock (gate) text.Append(value);
    }

    public override void Write(string? value)
    {
        lock (gate) text.Append(value);
    }

    public override string ToString()
    {
        lock (gate) return text.ToString();
    }
}
