using System.Globalization;

namespace GitOpsSecrets.LocalCluster.Quickstart;

/// <summary>Numbers the steps and shows the outcome of each; the first that fails ends it all.</summary>
internal sealed class DemoSteps(TextWriter output)
{
    private int count;

    /// <param name="title">What is done.</param>
    /// <param name="step">Does it; gets a writer for what is worth seeing on the way.</param>
    /// <param name="outcome">One line on what came of it.</param>
    public async Task<T> DoAsync<T>(string title, Func<Action<string>, Task<T>> step, Func<T, string> outcome)
    {
        count++;
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{(count > 1 ? "\n" : "")}{count,2}. {title}"));
        try
        {
            var result = await step(line => output.WriteLine("    " + line));
            await output.WriteLineAsync("    ✓ " + outcome(result));
            return result;
        }
        catch (Exception failure) when (failure is QuickstartException or IOException or HttpRequestException)
        {
            await output.WriteLineAsync("    ✗ " + failure.Message);
            throw new QuickstartException($"step {count} did not hold");
        }
    }
}
