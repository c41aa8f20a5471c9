using System.Globalization;

namespace GitOpsSecrets.Seal.Cli.Terminal;

/// <summary>
/// How far long work is: a bar on a terminal; elsewhere a line every tenth of the way, so that a log tells that it moves. Results
/// (on standard output) and the bar (on standard error) share a terminal, so both go through here.
/// </summary>
internal sealed class Progress : IDisposable
{
    private const int BarWidth = 30;
    private const string ClearLine = "\r\u001b[K";

    private readonly Lock _lock = new();
    private readonly bool _bar = Talk.ErrorIsTerminal;
    private readonly string _what;
    private readonly int _total;
    private int _done;
    private int _shown = -1;

    /// <param name="what">What is counted, as <c>files</c>.</param>
    /// <param name="total">How many there are.</param>
    public Progress(string what, int total)
    {
        _what = what;
        _total = total;
        Show();
    }

    /// <summary>A line of results.</summary>
    public void Print(string line)
    {
        lock (_lock)
        {
            Hide();
            Talk.Write(line + "\n");
        }
    }

    /// <summary>A line of talk: why something failed.</summary>
    public void Say(string line)
    {
        lock (_lock)
        {
            Hide();
            Talk.Say(line);
        }
    }

    public void Advance()
    {
        lock (_lock)
        {
            _done++;
            Show();
        }
    }

    public void Dispose()
    {
        lock (_lock) Hide();
    }

    // A hundred steps for the bar, ten for lines; short work gets neither.
    private void Show()
    {
        var steps = _bar ? 100 : 10;
        if (_total < steps * 2) return;
        var step = (int)((long)_done * steps / _total);
        if (step == _shown || (!_bar && step == 0)) return;
        _shown = step;
        if (!_bar) Talk.Say(string.Create(CultureInfo.InvariantCulture, $"{_done} of {_total} {_what}"));
        else
        {
            var filled = (int)((long)_done * BarWidth / _total);
            Talk.Prompt(string.Create(CultureInfo.InvariantCulture, $"{ClearLine}[{new string('#', filled)}{new string('.', BarWidth - filled)}] {_done}/{_total} {_what}"));
        }
    }

    private void Hide()
    {
        if (!_bar || _shown < 0) return;
        Talk.Prompt(ClearLine);
        _shown = -1;
    }
}
