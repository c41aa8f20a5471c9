using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using GitOpsSecrets.GoTemplate.Execution;

namespace GitOpsSecrets.GoTemplate;

/// <summary>
/// Templates nest as deep as their authors like, and .NET cannot survive a stack overflow as Go cannot survive running out of memory.
/// When the stack runs low, work goes on once on a thread with a large one; when that runs low too, it is a limit like any other.
/// </summary>
internal static class DeepStack
{
    private const int LargeStackBytes = 128 * 1024 * 1024;
    private const string ThreadName = "template-deep";

    public static bool IsLow => !RuntimeHelpers.TryEnsureSufficientExecutionStack();

    /// <exception cref="LimitExceededException">No deeper.</exception>
    public static void CheckNesting()
    {
        if (IsLow)
        {
            throw new LimitExceededException("values nested too deeply");
        }
    }

    /// <summary>Runs a step on a large stack and waits for it; exceptions come through.</summary>
    public static T Continue<T>(Func<T> step)
    {
        if (Thread.CurrentThread.Name == ThreadName)
        {
            throw new LimitExceededException("nested too deeply");
        }

        T result = default!;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    result = step();
                }
                catch (Exception e)
                {
                    failure = ExceptionDispatchInfo.Capture(e);
                }
            },
            LargeStackBytes)
        {
            Name = ThreadName,
            IsBackground = true,
        };
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result;
    }
}
