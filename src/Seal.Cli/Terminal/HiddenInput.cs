namespace GitOpsSecrets.Seal.Cli.Terminal;

/// <summary>Asks on the terminal for what must not be seen.</summary>
internal static class HiddenInput
{
    private const int FirstCapacity = 256;

    /// <returns>What was typed, for the caller to zero.</returns>
    public static char[] Ask(string prompt)
    {
        using var waiting = Waiting.ForInput();
        // The terminal stops echoing at the first use of its keyboard, which is to be before anybody is asked: who types or pastes at once would be seen.
        _ = Console.KeyAvailable;
        Talk.Prompt(prompt);
        var typed = new char[FirstCapacity];
        var length = 0;
        while (Console.ReadKey(intercept: true) is var key && key.Key != ConsoleKey.Enter)
        {
            if (key.Key == ConsoleKey.Backspace) length = Math.Max(length - 1, 0);
            else if (!char.IsControl(key.KeyChar))
            {
                if (length == typed.Length) typed = Grow(typed);
                typed[length++] = key.KeyChar;
            }
        }
        Talk.Say("");
        var answer = typed[..length];
        Array.Clear(typed);
        return answer;
    }

    // Array.Resize would leave a copy behind.
    private static char[] Grow(char[] typed)
    {
        var larger = new char[typed.Length * 2];
        typed.CopyTo(larger, 0);
        Array.Clear(typed);
        return larger;
    }
}
