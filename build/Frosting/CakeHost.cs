using System.Runtime.ExceptionServices;
using Cake.Core;
using Cake.Core.Diagnostics;

namespace VoxMake.Build.Frosting;

/// <summary>Hands tasks to Cake's engine and lets it run one of them with all that it needs.</summary>
public sealed class CakeHost<TContext>(TContext context) where TContext : FrostingContext
{
    private readonly CakeEngine _engine = new(new CakeDataService(), context.Log);

    /// <summary>Adds a task; those that it needs may follow later.</summary>
    public void Add(FrostingTask<TContext> task)
    {
        var builder = _engine.RegisterTask(task.Name).Description(task.Description).Does(() => task.Run(context));
        foreach (var dependency in task.Dependencies) builder.IsDependentOn(dependency);
    }

    /// <summary>Runs a target.</summary>
    public void Run(string target, bool exclusive)
    {
        var settings = new ExecutionSettings().SetTarget(target);
        if (exclusive) settings = settings.UseExclusiveTarget();
        try { _engine.RunTargetAsync(context, new QuietStrategy(), settings).GetAwaiter().GetResult(); }
        catch (CakeReportException report) when (report.InnerException is { } thrown) { ExceptionDispatchInfo.Throw(thrown); } // what the task threw, not Cake's envelope
    }

    /// <summary>Cake's default strategy prints a header for each task; ours is printed by the run's own view.</summary>
    private sealed class QuietStrategy : IExecutionStrategy
    {
        public void PerformSetup(Action<ISetupContext> action, ISetupContext setup) => action(setup);
        public void PerformTeardown(Action<ITeardownContext> action, ITeardownContext teardown) => action(teardown);
        public Task ExecuteAsync(CakeTask task, ICakeContext context) => task.Execute(context);
        public void Skip(CakeTask task, CakeTaskCriteria criteria) { }
        public Task ReportErrorsAsync(Func<Exception, Task> action, Exception exception) => action(exception);
        public Task HandleErrorsAsync(Func<Exception, ICakeContext, Task> action, Exception exception, ICakeContext context) => action(exception, context);
        public Task InvokeFinallyAsync(Func<Task> action) => action();
        public Task InvokeFinallyAsync(Func<ICakeContext, Task> action, ICakeContext context) => action(context);
        public void PerformTaskSetup(Action<ITaskSetupContext> action, ITaskSetupContext setup) => action(setup);
        public void PerformTaskTeardown(Action<ITaskTeardownContext> action, ITaskTeardownContext teardown) => action(teardown);
    }
}

/// <summary>Swallows what Cake itself would say at its verbosities: what a run has to say, it says itself.</summary>
public sealed class SilentLog : ICakeLog
{
    public Verbosity Verbosity { get; set; } = Verbosity.Quiet;
    public void Write(Verbosity verbosity, LogLevel level, string format, params object[] args) { }
}
