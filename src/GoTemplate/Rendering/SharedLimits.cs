using System.Globalization;

namespace GitOpsSecrets.GoTemplate.Rendering;

/// <summary>One object's share of time and output, whatever the number of its templates: many small ones must not add up to much.</summary>
internal sealed class SharedLimits(ExecuteOptions execution)
{
    private readonly long started = execution.Time.GetTimestamp();
    private TimeSpan waited;
    private long output;

    /// <summary>The limits for the next template: of the time, what the ones before have left.</summary>
    /// <exception cref="TargetTemplateException">Nothing is left.</exception>
    public ExecuteOptions Next(string place)
    {
        var left = execution.Limits.MaxTime - (execution.Time.GetElapsedTime(started) - waited);
        return left > TimeSpan.Zero
            ? execution with { Limits = execution.Limits with { MaxTime = left } }
            : throw TooMuch(place, string.Create(CultureInfo.InvariantCulture, $"took longer than {execution.Limits.MaxTime.TotalSeconds} s"));
    }

    public void Spend(string place, TimeSpan waiting, int bytes)
    {
        waited += waiting;
        output += bytes;
        if (output > execution.Limits.MaxOutputBytes) throw TooMuch(place, string.Create(CultureInfo.InvariantCulture, $"have output larger than {execution.Limits.MaxOutputBytes} bytes"));
    }

    private static TargetTemplateException TooMuch(string place, string what) => new(TargetTemplateFault.TemplateFailed, place, $"the templates together {what}");
}
